import { Match, Show, Switch, type JSX } from 'solid-js'
import type { ConnectionState, SyncState } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import type { NamedPerson } from './people-here.ts'
import { createNow } from './now.ts'
import type { ReadWaterline } from './waterline-shape.ts'

/** A write takes milliseconds; only one that lingers in memory is worth a word. */
const LINGERS_MS = 1_000

/** The left end in words: the fact, then the way out. */
export function MineWords(props: { read: ReadWaterline; sync: SyncState; short?: boolean }): JSX.Element {
  const t = useText()
  const format = useFormat()
  const inMemory = () => props.sync.pending.filter((change) => change.state === 'memory')
  const now = createNow(LINGERS_MS, () => inMemory().length > 0)
  const lingers = () => inMemory().some((change) => now() - change.at > LINGERS_MS)
  const waits = () => {
    const { held, pending } = props.read
    if (held === undefined) {
      const isPaused = props.sync.calls.kind === 'paused'
      return t(isPaused ? 'shell.waitForServer' : 'shell.waitForNetwork', pending)
    }
    return t(held === 'wifi' ? 'shell.waitForWifi' : 'shell.waitPaused', pending)
  }
  return (
    <Switch>
      <Match when={props.read.state === 'synced'}>
        <b>
          {props.sync.lastSyncedAt === null
            ? t('shell.synced')
            : t('shell.syncedAt', format().moment(props.sync.lastSyncedAt))}
        </b>
      </Match>
      <Match when={props.read.state === 'syncing' && props.read.pending === 0}>
        <b>{t('shell.firstSync')}</b>
      </Match>
      <Match when={props.read.state === 'syncing'}>
        <b>{t('shell.syncing', props.read.pending)}</b>
        <Show when={!props.short && inMemory().length === 0}>
          <span class="long">, {t('shell.alreadySaved')}</span>
        </Show>
      </Match>
      <Match when={props.read.state === 'saved'}>
        <b>{lingers() ? t('shell.notSavedYet') : t('shell.savedHere')}</b>
        <Show when={!props.short && props.read.pending > 0}>, {waits()}</Show>
      </Match>
      <Match when={props.read.state === 'auth'}>
        <b>{t('shell.signInAgain')}</b>
        <Show when={!props.short}>
          <Show when={props.read.pending > 0}>, {t('shell.safeHere', props.read.pending)}</Show>.{' '}
          <span class="do">{t('shell.signIn')}</span>
        </Show>
      </Match>
      <Match when={props.read.state === 'error'}>
        <TroubleWords read={props.read} short={props.short === true} />
      </Match>
    </Switch>
  )
}

function TroubleWords(props: { read: ReadWaterline; short: boolean }): JSX.Element {
  const t = useText()
  const words = (): { what: string; why?: string; way: string } => {
    switch (props.read.trouble) {
      case 'refused':
        return {
          what: t('shell.error'),
          why: t('shell.refusedCount', props.read.refused),
          way: t('shell.seeAndRetry'),
        }
      case 'full':
        return { what: t('shell.deviceFull'), why: t('shell.deviceFullWhy'), way: t('shell.freeSpace') }
      case 'memory-only':
        return { what: t('shell.memoryOnly'), why: t('shell.memoryOnlyWhy'), way: t('shell.seeDetails') }
      case 'no-access':
        return { what: t('shell.noAccess'), why: t('shell.noAccessWhy'), way: t('shell.seeDetails') }
      case 'outdated':
        return { what: t('shell.outdated'), why: t('shell.outdatedWhy'), way: t('shell.reload') }
      default:
        return { what: t('shell.error'), way: t('shell.seeDetails') }
    }
  }
  const refused = () => props.read.trouble === 'refused'
  return (
    <Show when={!props.short} fallback={<b>{refused() ? words().why : words().what}</b>}>
      {/* A phone has room for the fact and the way out; that it is an error, the triangle says. */}
      <b class={refused() ? 'long' : undefined}>{words().what}</b>
      <Show when={words().why}>
        {(why) => (
          <>
            <span class="long">, </span>
            <span class={refused() ? undefined : 'long'}>{why()}</span>
          </>
        )}
      </Show>
      . <span class="do">{words().way}</span>
    </Show>
  )
}

/** The right end: do I hear the others, and if not, who tries when. */
export function OthersWords(props: {
  connection: ConnectionState
  people?: readonly NamedPerson[]
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  const now = createNow(1_000, () => props.connection.kind === 'offline')
  const offline = () => (props.connection.kind === 'offline' ? props.connection : undefined)
  const seconds = () => Math.ceil(((offline()?.nextTryAt ?? 0) - now()) / 1_000)
  return (
    <Switch fallback={t('shell.stopped')}>
      <Match when={props.connection.kind === 'live'}>
        {t('shell.live')}
        <Show when={props.people?.[0]}>
          {(first) => (
            <span class="long">
              {t('presence.othersHere', firstName(first().name), (props.people?.length ?? 1) - 1)}
            </span>
          )}
        </Show>
      </Match>
      <Match when={props.connection.kind === 'starting'}>{t('shell.connecting')}</Match>
      <Match when={props.connection.kind === 'polling'}>
        {t('shell.polling')}
        <span class="long">{t('shell.everyHalfMinute')}</span>
      </Match>
      <Match when={offline()}>
        {(state) => (
          <>
            {t('shell.offline')}
            <span class="long">
              {t('shell.offlineSince', format().moment(state().since))}
              <Show when={seconds() > 0 && seconds() < 600}>{t('shell.tryIn', seconds())}</Show>
            </span>
          </>
        )}
      </Match>
    </Switch>
  )
}

/** The line is short, and colleagues know each other. */
function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}
