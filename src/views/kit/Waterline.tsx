import { Index, type JSX } from 'solid-js'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'

type WaterlineState = 'saved' | 'syncing' | 'synced' | 'auth' | 'error'
type WaterlineLink = 'live' | 'polling' | 'offline'
type Grain = 'waiting' | 'sending' | 'refused'

export type WaterlineShape = {
  state: WaterlineState
  link: WaterlineLink
  /** How far the water has come in from the right, in per cent. */
  tide: number
  /** Pending changes, oldest first. */
  grains: readonly Grain[]
  mineIcon: IconName
  othersIcon: IconName
}

/** Left end: are my changes safe? Right end: do I hear the others? The shape alone answers both. */
export function Waterline(
  props: WaterlineShape & { mine: JSX.Element; others: JSX.Element; iconSize?: 14; children?: JSX.Element },
): JSX.Element {
  return (
    <div class="waterline" data-state={props.state} data-link={props.link}>
      <span class="wl-sea" style={{ '--tide': `${props.tide}%` }} />
      <span class="wl-grains" aria-hidden="true">
        <Index each={props.grains}>{(grain) => <i data-k={grain()} />}</Index>
      </span>
      <span class="wl-mine">
        <Icon name={props.mineIcon} size={props.iconSize} />
        <span>{props.mine}</span>
      </span>
      <span class="wl-others">
        <Icon name={props.othersIcon} size={props.iconSize} />
        <span>{props.others}</span>
      </span>
      {props.children}
    </div>
  )
}
