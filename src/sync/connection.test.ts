import { describe, expect, test } from 'vitest'
import type { ConnectionEvent, TimerName } from './connection.ts'
import { now, run } from './testing/run-connection.ts'

const wake: ConnectionEvent = { type: 'wake' }
const offline: ConnectionEvent = { type: 'offline' }
const ready: ConnectionEvent = { type: 'renewed', answer: 'ready' }
const joined: ConnectionEvent = { type: 'joined' }
const answered: ConnectionEvent = { type: 'answered' }
const unanswered: ConnectionEvent = { type: 'unanswered', reason: 'unreachable' }
const unauthorised: ConnectionEvent = { type: 'unauthorised' }
const dropped: ConnectionEvent = { type: 'dropped', reason: 'the socket closed' }
const refused: ConnectionEvent = { type: 'refused', code: 'not_a_member', message: 'no' }
const ring = (timer: TimerName): ConnectionEvent => ({ type: 'timer', timer })

const toLive = [
  [0, wake],
  [0, ready],
  [0, joined],
  [1, answered],
] as const
const toPolling = [
  [0, wake],
  [0, ready],
  [10, ring('degrade')],
  [10, answered],
] as const

describe('towards live', () => {
  test.each([
    [
      'a token is seen to first',
      [[0, wake]],
      'starting',
      ['leave', 'cancel join', 'cancel poll', 'set degrade', 'cancel retry', 'renew'],
    ],
    [
      'then the topic is joined',
      [
        [0, wake],
        [0, ready],
      ],
      'starting',
      ['join', 'set join'],
    ],
    [
      'then the log is read',
      [
        [0, wake],
        [0, ready],
        [0, joined],
      ],
      'starting',
      ['cancel join', 'exchange'],
    ],
    ['and only then it is live', toLive, 'live', ['cancel retry', 'cancel degrade', 'set poll']],
  ] as const)('[C1] %s', (_name, events, kind, did) => {
    const result = run(events)
    expect(result.kind).toBe(kind)
    expect(result.did).toEqual(did)
  })

  test('[C1] a join whose pull got no answer does not count', () => {
    const { kind, timers } = run([
      [0, wake],
      [0, ready],
      [0, joined],
      [1, unanswered],
    ])
    expect(kind).toBe('starting')
    expect(timers).toEqual({ degrade: 10, retry: 2 })
  })
})

describe('no join', () => {
  test('[C2] after ten seconds the server is asked, and again every thirty', () => {
    expect(
      run([
        [0, wake],
        [0, ready],
      ]).timers,
    ).toEqual({ degrade: 10, join: 10 })
    const polling = run(toPolling)
    expect(polling.kind).toBe('polling')
    expect(polling.timers).toMatchObject({ poll: 40 })
    const later = run([...toPolling, [40, ring('poll')]])
    expect(later.did).toEqual(['exchange', 'set poll'])
    expect(later.timers).toMatchObject({ poll: 70 })
    expect(later.connection.state).toMatchObject({ nextTryAt: now + 70_000 })
  })

  test('[C2] being woken again and again does not put the ten seconds off', () => {
    expect(
      run([
        [0, wake],
        [4, wake],
        [8, wake],
      ]).timers,
    ).toEqual({ degrade: 10 })
  })

  test.each([
    [0.5, [1, 2, 4, 8, 16, 30, 30]],
    [0, [0.8, 1.6, 3.2, 6.4, 12.8, 24, 24]],
    [0.999_999_9, [1.2, 2.4, 4.8, 9.6, 19.2, 36, 36]],
  ])(
    '[C3] joins are tried again after 1, 2, 4 … 30 seconds, within a fifth (chance %d)',
    (chance, pauses) => {
      const events: [number, ConnectionEvent][] = [[0, wake]]
      for (const pause of pauses) {
        events.push([0, ready], [0, dropped])
        expect(run(events, chance).timers['retry']).toBeCloseTo(pause, 2)
        events.push([0, ring('retry')])
      }
    },
  )

  test('[C3] a join that is never answered is a lost one', () => {
    const lost = run([
      [0, wake],
      [0, ready],
      [10, ring('join')],
    ])
    expect(lost.timers).toMatchObject({ retry: 11 })
    expect(lost.did).toContain('leave')
  })

  test('[C10] a join that is refused asks the log at once, which knows why', () => {
    const asked = run([
      [0, wake],
      [0, ready],
      [0, { type: 'dropped', reason: 'Unauthorized', refused: true }],
    ])
    expect(asked.did).toContain('exchange')
    expect(asked.timers).toMatchObject({ retry: 1 })
  })

  test('[C3] a server that names a pause gets it', () => {
    const busy: ConnectionEvent = { type: 'unanswered', reason: 'busy', retryAfter: 20_000 }
    expect(
      run([
        [0, wake],
        [0, ready],
        [0, joined],
        [0, busy],
      ]).timers['retry'],
    ).toBe(20)
  })

  test('[C4] back to live stops the polling, and no timer runs twice', () => {
    const live = run([
      ...toPolling,
      [20, dropped],
      [22, ring('retry')],
      [22, ready],
      [22, joined],
      [23, answered],
    ])
    expect(live.kind).toBe('live')
    expect(live.timers).toEqual({ poll: 83 })
    expect(live.connection.failures).toBe(0)
  })

  test('while polling, a server that does not answer is offline, and polling again when it does', () => {
    const gone = run([...toPolling, [40, ring('poll')], [41, unanswered]])
    expect(gone.kind).toBe('offline')
    expect(gone.timers['poll']).toBe(70)
    expect(
      run([...toPolling, [40, ring('poll')], [41, unanswered], [70, ring('poll')], [71, answered]]).kind,
    ).toBe('polling')
  })
})

describe('live', () => {
  test('[C9] the log is asked every sixty seconds all the same', () => {
    expect(run(toLive).timers).toEqual({ poll: 61 })
    const checked = run([...toLive, [61, ring('poll')]])
    expect(checked.did).toEqual(['exchange', 'set poll'])
    expect(checked.kind).toBe('live')
  })

  test.each([
    ['the topic is gone', dropped],
    ['[C9] a call got no answer', unanswered],
  ])('%s: the join is tried again after a second, and ten seconds run', (_name, event) => {
    const lost = run([...toLive, [5, event]])
    expect(lost.kind).toBe('starting')
    expect(lost.timers).toEqual({ retry: 6, degrade: 15 })
    expect(lost.did).toContain('leave')
  })

  test('[C5] the offline event is believed at once', () => {
    const away = run([...toLive, [5, offline]])
    expect(away.kind).toBe('offline')
    expect(away.did[0]).toBe('leave')
    expect(away.timers).toEqual({ retry: 35, poll: 35 })
  })

  test('[C5] an offline event that was wrong is found out by the next poll', () => {
    expect(run([...toLive, [5, offline], [35, ring('poll')], [36, answered]]).kind).toBe('polling')
  })

  test('[C6] a wake while live sees to the token and reads the log, and keeps the join', () => {
    expect(run([...toLive, [50, wake]]).did).toEqual(['renew'])
    const read = run([...toLive, [50, wake], [50, ready]])
    expect(read.did).toEqual(['exchange'])
    expect(read.kind).toBe('live')
  })

  test('[C6] a wake from offline starts at the token', () => {
    const woken = run([...toLive, [5, offline], [9, wake]])
    expect(woken.kind).toBe('starting')
    expect(woken.did).toEqual(['leave', 'cancel join', 'cancel poll', 'set degrade', 'cancel retry', 'renew'])
    expect(woken.timers).toEqual({ degrade: 19 })
  })
})

describe('the session', () => {
  const poll401 = [...toPolling, [40, ring('poll')], [40, unauthorised]] as const

  test('[C7] a refused token is renewed once, and what follows is tried again', () => {
    expect(run(poll401).did).toEqual(['cancel retry', 'renew by force'])
    expect(run([...poll401, [41, ready]]).did).toEqual(['join', 'set join'])
    expect(run([...toLive, [5, unauthorised], [5, ready]]).did).toEqual(['exchange'])
  })

  test('[C7] refused again right after being renewed, a person must sign in', () => {
    const out = run([...toLive, [5, unauthorised], [5, ready], [5, unauthorised]])
    expect(out.kind).toBe('signed-out')
    expect(out.timers).toEqual({})
  })

  test('[C7] an answer in between makes the next refusal a first one', () => {
    const again = run([...toLive, [5, unauthorised], [5, ready], [6, answered], [90, unauthorised]])
    expect(again.did).toContain('renew by force')
  })

  test.each([
    ['at start', [[0, wake]]],
    ['while live', [...toLive, [5, unauthorised]]],
    ['while polling', poll401],
  ] as const)('[C7] a network that is away never signs a person out (%s)', (_name, events) => {
    let seconds = 50
    const more: [number, ConnectionEvent][] = []
    for (let n = 0; n < 20; n++) {
      more.push([seconds, { type: 'renewed', answer: 'unreachable' }], [(seconds += 30), ring('retry')])
    }
    expect(run([...events, ...more]).kind).not.toBe('signed-out')
  })

  test('signed out, nothing is tried until somebody signs in', () => {
    const out: (readonly [number, ConnectionEvent])[] = [...toLive, [5, { type: 'signed-out' }]]
    expect(run(out).timers).toEqual({})
    for (const event of [wake, offline, dropped, ring('poll'), answered])
      expect(run([...out, [6, event]]).did).toEqual([])
    expect(run([...out, [6, { type: 'signed-in' }]]).did).toContain('renew')
  })
})

describe('what a machine must not take for more than it is', () => {
  test('[C7] a renewal by force that got lost is no renewal: the next refusal asks for another', () => {
    const lost = [
      ...toLive,
      [5, unauthorised],
      [20, { type: 'renewed', answer: 'unreachable' }],
      [21, ring('retry')],
      [21, ready],
      [21, joined],
      [22, unauthorised],
    ] as const
    expect(run(lost).did).toContain('renew by force')
    expect(run([...lost, [23, ready], [23, joined], [24, unauthorised]]).kind).toBe('signed-out')
  })

  test('[C7] while a renewal by force is under way, a wake puts no other in its place', () => {
    expect(run([...toLive, [5, unauthorised], [6, wake]]).did).toEqual([])
    const polled = run([...toPolling, [40, ring('poll')], [40, unauthorised], [41, wake]])
    expect(polled.did).toContain('renew by force')
  })

  test('[C11] a wake after a sleep joins anew: the socket may be dead and look open', () => {
    expect(run([...toLive, [65.9, wake]]).kind).toBe('live')
    const woken = run([...toLive, [66, wake]])
    expect(woken.kind).toBe('starting')
    expect(woken.did.slice(0, 1)).toEqual(['leave'])
  })

  test('[C11] a check that is late by more than any hidden tab’s says that the page slept', () => {
    expect(run([...toLive, [150.9, ring('poll')]]).kind).toBe('live')
    expect(run([...toLive, [151, ring('poll')]]).kind).toBe('starting')
  })

  test('[C2] a join whose pull got no answer is no server that is polled', () => {
    const joinedInVain = run([
      ...toPolling,
      [12, dropped],
      [13, ring('retry')],
      [13, ready],
      [13, joined],
      [14, unanswered],
    ])
    expect(joinedInVain.kind).toBe('offline')
  })

  test('[B5] a poll comes when the pause is over: neither before nor later', () => {
    const paused: ConnectionEvent = { type: 'unanswered', reason: 'busy', retryAfter: 12_000 }
    const { timers, connection } = run([...toPolling, [40, ring('poll')], [41, paused]])
    expect(timers).toMatchObject({ poll: 53 })
    expect(connection.state).toMatchObject({ kind: 'offline' })
  })
})

describe('halted', () => {
  test.each([
    ['refused', refused],
    ['incompatible', { type: 'incompatible', message: 'reload the app' } as const],
  ])('[C8] %s: no timer runs, and a wake tries again', (kind, event) => {
    const halted = run([...toLive, [5, event]])
    expect(halted.kind).toBe(kind)
    expect(halted.timers).toEqual({})
    expect(run([...toLive, [5, event], [6, dropped], [7, answered]]).kind).toBe(kind)
    expect(run([...toLive, [5, event], [6, wake]]).kind).toBe('starting')
  })
})

test('what is late changes nothing: a join after the attempt was given up', () => {
  expect(run([...toLive, [5, offline], [6, joined]]).kind).toBe('offline')
  expect(run([...toLive, [5, dropped], [5, dropped]]).connection.failures).toBe(1)
})
