import { For, Show, type JSX } from 'solid-js'
import type { Attachment } from '../../domain/collections/attachments.ts'
import type { UnsentFile } from '../../stores/attachments/workspace-files.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useFileWords } from './file-words.ts'

/** In words, below the files: what waits and for what, what is being sent, and what needs a person. */
export function FilesStanding(props: { attachments: readonly Attachment[] }): JSX.Element {
  const t = useText()
  const format = useFormat()
  const words = useFileWords()
  const { files } = useWorkspace()
  const mine = () => {
    const hashes = new Set(props.attachments.map(({ sha256 }) => sha256))
    return files.unsent().filter(({ sha256 }) => hashes.has(sha256))
  }
  const failed = () => mine().filter(({ state }) => state.kind === 'failed')
  const said = () => {
    const waits = (why: string) =>
      mine().filter(({ state }) => state.kind === 'waiting' && state.why === why).length
    const line: string[] = []
    for (const file of mine()) {
      if (file.state.kind !== 'sending') continue
      const { bytes } = format()
      line.push(t('attachments.sendingFile', file.name, bytes(file.state.sent), bytes(file.bytes)))
    }
    if (waits('network')) line.push(t('attachments.waitNetwork', waits('network')))
    if (waits('wifi')) line.push(t('attachments.waitWifi', waits('wifi')))
    if (waits('paused')) line.push(t('attachments.waitPaused', waits('paused')))
    const turn = waits('turn') + waits('facts')
    if (turn) line.push(t('attachments.waitTurn', turn))
    return line.join('. ')
  }
  const code = ({ state }: UnsentFile) => (state.kind === 'failed' ? state.code : '')
  return (
    <>
      <Show when={said()}>{(line) => <p class="f1 soft">{line()}</p>}</Show>
      <Show when={mine().some(({ state }) => state.inMemory)}>
        <p class="f1 trouble">
          <Icon name="drive" size={14} />
          {t('attachments.inMemory')}
        </p>
      </Show>
      <For each={failed()}>
        {(file) => (
          <p class="f1 trouble">
            <Icon name="alert" size={14} />
            <span>{words.failure(code(file), file.name)}</span>
            <Button size="s" onClick={() => files.retry(file.sha256)}>
              {t('attachments.retry')}
            </Button>
          </p>
        )}
      </For>
    </>
  )
}
