import { Show, type JSX } from 'solid-js'
import { pictureSizes } from '../../domain/attachments/picture-size.ts'
import { uploadChoices } from '../../stores/attachments/upload-choices.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { Button } from '../kit/Button.tsx'
import { Menu } from '../kit/Menu.tsx'

/** Where a finger is the pointer there is a camera behind it, as good as always. */
export const hasCamera = () => matchMedia('(pointer: coarse)').matches

export function AddFiles(props: { onFiles: (files: readonly File[]) => void }): JSX.Element {
  const t = useText()
  let chooser: HTMLInputElement | undefined
  let camera: HTMLInputElement | undefined
  const take = (input: HTMLInputElement) => {
    props.onFiles([...(input.files ?? [])])
    // The same file may be chosen again.
    input.value = ''
  }
  return (
    <>
      <Menu
        label={t('attachments.choices')}
        triggerClass="ib"
        trigger={<Icon name="settings" />}
        placement="bottom-end"
        entries={() => [
          { kind: 'heading', label: t('attachments.choices') },
          ...pictureSizes.map((size) => ({
            label: t(`attachments.size_${size}`),
            checked: uploadChoices.size() === size,
            run: () => uploadChoices.setSize(size),
          })),
        ]}
      />
      <Show when={hasCamera()}>
        <Button size="s" icon="camera" onClick={() => camera?.click()}>
          {t('attachments.takePhoto')}
        </Button>
      </Show>
      <Button size="s" icon="clip" data-tip={t('attachments.addFileHint')} onClick={() => chooser?.click()}>
        {t('attachments.addFile')}
      </Button>
      {/* Not a step of the keyboard's way: the buttons are. */}
      <input
        ref={(element) => (chooser = element)}
        type="file"
        multiple
        hidden
        aria-label={t('attachments.addFile')}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={(element) => (camera = element)}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={t('attachments.takePhoto')}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  )
}
