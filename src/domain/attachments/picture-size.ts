/** The longest edge that photos are sent with. Original keeps every byte, also what a camera wrote into it. */
export const pictureSizes = ['640', '1024', '2048', 'original'] as const
export type PictureSize = (typeof pictureSizes)[number]

/** Fits into a square of that edge, in proportion; never larger than it is. */
export function fitPicture(width: number, height: number, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
