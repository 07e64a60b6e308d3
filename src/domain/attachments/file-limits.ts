/** What hosted Supabase takes of a project that pays nothing, and the bucket's limit. */
export const mostBytes = 50 * 1024 * 1024

type UnfitFile = 'empty' | 'too-large'

/** Why a file cannot be attached, told when it is chosen and not when it is sent. */
export function unfitFile(bytes: number): UnfitFile | null {
  if (bytes === 0) return 'empty'
  return bytes > mostBytes ? 'too-large' : null
}
