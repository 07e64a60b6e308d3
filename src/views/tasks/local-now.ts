import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { type LocalNow, localNow } from '../../domain/tasks/calendar-day.ts'

/** The wall clock by the minute; also right after the device slept. */
export function createLocalNow(): Accessor<LocalNow> {
  const [now, setNow] = createSignal(localNow(new Date()), {
    equals: (before, after) => before.day === after.day && before.minutes === after.minutes,
  })
  const read = () => setNow(localNow(new Date()))
  const timer = setInterval(read, 15_000)
  document.addEventListener('visibilitychange', read)
  onCleanup(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', read)
  })
  return now
}
