/** What opens the stack's doors: the two API keys and the secret that signs tokens. */
export interface StackKeys {
  publishableKey: string
  secretKey: string
  jwtSecret: string
}
