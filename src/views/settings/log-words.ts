import type { ConnectionLogLine, LogCode } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import type { IconName } from '../kit/icon-names.ts'

export interface ReadLine {
  readonly icon: IconName
  readonly tone: 'ok' | 'warn' | 'bad' | undefined
  readonly event: string
  readonly detail: string
}

const events = {
  starting: ['settings.log_starting', 'live', undefined],
  live: ['settings.log_live', 'live', 'ok'],
  polling: ['settings.log_polling', 'polling', 'warn'],
  offline: ['settings.log_offline', 'offline', 'bad'],
  'signed-out': ['settings.log_signedOut', 'key', 'bad'],
  refused: ['settings.log_refused', 'lock', 'bad'],
  incompatible: ['settings.log_incompatible', 'alert', 'bad'],
  joined: ['settings.log_joined', 'link', undefined],
  dropped: ['settings.log_dropped', 'offline', 'warn'],
  'push-failed': ['settings.log_pushFailed', 'arrowup', 'bad'],
  'pull-failed': ['settings.log_pullFailed', 'arrowdown', 'bad'],
  'calls-paused': ['settings.log_callsPaused', 'clock', 'warn'],
  'calls-resumed': ['settings.log_callsResumed', 'check', 'ok'],
  'change-refused': ['settings.log_changeRefused', 'octagon', 'bad'],
  'document-not-given': ['settings.log_documentNotGiven', 'lock', 'bad'],
  'update-set-aside': ['settings.log_updateSetAside', 'alert', 'bad'],
  'told-otherwise': ['settings.log_toldOtherwise', 'alert', 'warn'],
  'unsent-lost': ['settings.log_unsentLost', 'alert', 'bad'],
  'corrupt-record': ['settings.log_corruptRecord', 'alert', 'bad'],
  'storage-full': ['settings.log_storageFull', 'device', 'bad'],
  'storage-lost': ['settings.log_storageLost', 'device', 'bad'],
  'storage-back': ['settings.log_storageBack', 'device', 'ok'],
  'tab-leads': ['settings.log_tabLeads', 'layers', undefined],
  'tab-follows': ['settings.log_tabFollows', 'layers', undefined],
  failed: ['settings.log_failed', 'alert', 'bad'],
} as const satisfies Record<LogCode, readonly [string, IconName, ReadLine['tone']]>

const reasons = {
  unreachable: 'settings.why_unreachable',
  busy: 'settings.why_busy',
  rejected: 'settings.why_rejected',
  unauthorised: 'settings.why_unauthorised',
  'too-large': 'settings.why_tooLarge',
  'no-join': 'settings.why_noJoin',
  'no-answer': 'settings.why_noAnswer',
  closed: 'settings.why_closed',
  'device-offline': 'settings.why_deviceOffline',
  woken: 'settings.why_woken',
  session: 'settings.why_session',
} as const

/** What asks for a second look: everything that went wrong, and nothing that only changed. */
export function isProblem({ code }: ConnectionLogLine): boolean {
  const tone = known(code)?.[2]
  return tone === 'bad' || tone === 'warn'
}

/** A line in words. A code that this version does not know stands for itself. */
export function useLogWords(): (line: ConnectionLogLine) => ReadLine {
  const t = useText()
  const format = useFormat()
  const whyOf = (reason: string) => (reason in reasons ? t(reasons[reason as keyof typeof reasons]) : reason)
  const topicOf = (topic: string) => (topic.startsWith('ws:') ? t('settings.logWorkspace') : topic)
  return (line) => {
    const { code, reason, answered, doc, topic, count, milliseconds } = line
    const [event, icon, tone] = known(code) ?? [undefined, 'circle' as const, undefined]
    const where = topic === undefined ? doc && shortOf(doc) : topicOf(topic)
    const why = [
      reason === undefined ? undefined : whyOf(reason),
      // A status, and no words of another language.
      answered !== undefined && /\d/.test(answered) ? `(${answered})` : undefined,
      count === undefined ? undefined : t('settings.logPlace', format().number(count)),
      milliseconds === undefined
        ? undefined
        : t('settings.logSeconds', format().number(Math.round(milliseconds / 1_000))),
    ]
    const because = why.filter((part) => part !== undefined).join(' ')
    return {
      icon,
      tone,
      event: event === undefined ? code : t(event),
      detail: [where, because].filter(Boolean).join(': '),
    }
  }
}

/** Ids and codes alone, for a file that somebody is given: no words of a language, and none of a person. */
export function exportOf(lines: readonly ConnectionLogLine[]): string {
  return lines
    .map(({ at, code, ...ids }) =>
      [
        new Date(at).toISOString(),
        code,
        ...Object.entries(ids).map(([key, value]) => `${key}=${value}`),
      ].join(' '),
    )
    .join('\n')
}

function known(code: string): (typeof events)[LogCode] | undefined {
  return code in events ? events[code as LogCode] : undefined
}

/** `board/main` of `ws/<uuid>/board/main`: the workspace is this one. */
function shortOf(doc: string): string {
  return doc.replace(/^ws\/[^/]+\//, '')
}
