import { ServerRefusal } from '../../stores/session/ports.ts'
import { useText } from '../i18n/language.ts'

const known = {
  invalid_credentials: 'auth.error_invalid_credentials',
  user_already_exists: 'auth.error_user_already_exists',
  email_exists: 'auth.error_user_already_exists',
  weak_password: 'auth.error_weak_password',
  email_address_invalid: 'auth.error_email_address_invalid',
  validation_failed: 'auth.error_email_address_invalid',
  email_not_confirmed: 'auth.error_email_not_confirmed',
  over_request_rate_limit: 'auth.error_over_request_rate_limit',
  over_email_send_rate_limit: 'auth.error_over_request_rate_limit',
  user_banned: 'auth.error_user_banned',
  signup_disabled: 'auth.error_signup_disabled',
  unreachable: 'auth.error_unreachable',
  not_allowed: 'auth.error_not_allowed',
  last_owner: 'settings.lastOwner',
  invitation_expired: 'auth.inviteExpired',
  invitation_revoked: 'auth.inviteRevoked',
  invitation_accepted: 'auth.inviteAccepted',
  invitation_invalid: 'auth.inviteInvalid',
} as const

/** A refusal in this person's words: what happened and the way on. Another code shows itself, so that it can be told. */
export function useFailureWords(): (failure: unknown) => string {
  const t = useText()
  return (failure) => {
    const code = failure instanceof ServerRefusal ? failure.code : 'app'
    return code in known ? t(known[code as keyof typeof known]) : t('auth.error_unknown', code)
  }
}
