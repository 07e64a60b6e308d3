import { createMemo, type Accessor } from 'solid-js'
import { pictureSizes, type PictureSize } from '../../domain/attachments/picture-size.ts'
import { createRemembered } from '../remembered.ts'

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isSize = (value: unknown): value is PictureSize => pictureSizes.some((size) => size === value)

// Of this device, whoever uses it: they speak of its network and its camera.
const [paused, setPaused] = createRemembered('files.paused', false, isBoolean)
const [wifiOnly, setWifiOnly] = createRemembered('files.wifiOnly', false, isBoolean)
const [size, setSize] = createRemembered<PictureSize>('files.size', '2048', isSize)

interface UploadChoices {
  readonly paused: Accessor<boolean>
  readonly wifiOnly: Accessor<boolean>
  /** Photos are made this small before they are kept. */
  readonly size: Accessor<PictureSize>
  setPaused(on: boolean): void
  setWifiOnly(on: boolean): void
  setSize(size: PictureSize): void
}

export const uploadChoices: UploadChoices = { paused, wifiOnly, size, setPaused, setWifiOnly, setSize }

/** What the one that sends goes by. */
export const createUploadPolicy = (): Accessor<{ paused: boolean; wifiOnly: boolean }> =>
  createMemo(() => ({ paused: paused(), wifiOnly: wifiOnly() }))
