/** A topic among devices, joined again whenever it was lost, until it is left. [H9] */
import { reasonOf } from '../turn-reason.ts'
import type { Meeting, MeetingListener, Meetings } from '../meetings-port.ts'
import type { SyncPorts } from '../ports.ts'

const PAUSES = [1_000, 5_000, 30_000]

export type KeptMeeting = Pick<Meeting, 'say' | 'leave'> & { readonly joined: boolean }

export function keepMeeting(
  { clock, random, log }: Pick<SyncPorts, 'clock' | 'random' | 'log'>,
  meetings: Meetings,
  topic: string,
  listener: Pick<MeetingListener, 'joined' | 'heard'>,
): KeptMeeting {
  let meeting: Meeting | null = null
  let joined = false
  let left = false
  let lost = 0
  let cancelRetry = () => {}

  const join = () => {
    const current = meetings.join(topic, {
      joined() {
        joined = true
        lost = 0
        listener.joined()
      },
      dropped(reason) {
        if (left || meeting !== current) return
        log({ code: 'dropped', topic, ...reasonOf({ type: 'dropped', reason }) })
        joined = false
        current.leave()
        meeting = null
        const pause = PAUSES[Math.min(lost++, PAUSES.length - 1)] ?? 0
        cancelRetry = clock.after(pause * (0.8 + 0.4 * random.fraction()), join)
      },
      heard: (event, payload) => void (left || listener.heard(event, payload)),
    })
    meeting = current
  }
  join()

  return {
    get joined() {
      return joined
    },
    say(event, payload) {
      if (joined) meeting?.say(event, payload)
    },
    leave() {
      left = true
      joined = false
      cancelRetry()
      meeting?.leave()
    },
  }
}
