import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ServerRefusal, type AuthPort } from '../../stores/session/ports.ts'
import { withWords } from '../i18n/language.ts'
import { AtAddress, fakeApp, fakeAuth, freshDevice, lia, norteFrio } from '../testing/fake-app.tsx'
import SignIn from './SignIn.tsx'

const saved = { person: lia, workspaces: [norteFrio], workspaceId: 'w1', access: 'expired' }

async function open(auth: Partial<AuthPort>, at = '/sign-in') {
  await withWords(Promise.resolve())
  const onLeave = vi.fn<(path: string) => void>()
  render(() => (
    <AtAddress at={at} app={fakeApp({ auth: fakeAuth(auth) })} onLeave={onLeave}>
      {() => <SignIn />}
    </AtAddress>
  ))
  await screen.findByRole('heading', { level: 1 })
  return onLeave
}
const write = (email: string, password: string) => {
  fireEvent.input(screen.getByLabelText('E-mail'), { target: { value: email } })
  fireEvent.input(screen.getByLabelText('Senha'), { target: { value: password } })
}
const submit = (name: RegExp) => fireEvent.click(screen.getByRole('button', { name }))

beforeEach(() => void freshDevice())
afterEach(cleanup)

describe('signing in', () => {
  test('empty fields are named beside themselves, and no server is asked', async () => {
    const signIn = vi.fn<AuthPort['signIn']>()
    await open({ signIn })
    submit(/^Entrar$/)
    expect(screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('Escreva sua senha.')).toBeTruthy()
    expect(signIn).not.toHaveBeenCalled()
  })
  test.each([
    ['invalid_credentials', 'E-mail ou senha não conferem.'],
    ['over_request_rate_limit', 'Muitas tentativas. Espere um minuto e tente de novo.'],
    ['unreachable', 'Sem rede agora. O que você escreveu fica aqui; tente quando ela voltar.'],
    ['something_new', 'Não deu certo (something_new). Tente de novo daqui a pouco.'],
  ])('%s is told in words and loses nothing that was typed', async (code, words) => {
    await open({ signIn: () => Promise.reject(new ServerRefusal(code, 'no')) })
    write('ana@nortefrio.example', 'segredo-longo')
    submit(/^Entrar$/)
    await screen.findByText(words)
    expect(screen.getByLabelText<HTMLInputElement>('E-mail').value).toBe('ana@nortefrio.example')
    expect(screen.getByLabelText<HTMLInputElement>('Senha').value).toBe('segredo-longo')
    expect(screen.getByRole('button', { name: /^Entrar$/ }).hasAttribute('disabled')).toBe(false)
  })
  test('it leads back to where the person was', async () => {
    const onLeave = await open({}, '/sign-in?back=%2Fw%2Fnorte-frio%2Ftasks%3Ftask%3DA')
    write(lia.email, 'segredo-longo')
    submit(/^Entrar$/)
    await waitFor(() => expect(onLeave).toHaveBeenCalledWith('/w/norte-frio/tasks?task=A'))
  })
  test.each(['https://evil.example', '//evil.example', '/\\evil.example'])(
    'a link cannot lead away to %s',
    async (back) => {
      const onLeave = await open({}, `/sign-in?back=${encodeURIComponent(back)}`)
      write(lia.email, 'segredo-longo')
      submit(/^Entrar$/)
      await waitFor(() => expect(onLeave).toHaveBeenCalledWith('/'))
    },
  )
  test('with local data it names the workspace, counts what waits and opens without signing in', async () => {
    freshDevice({ session: saved, 'pending.p1.w1': 3 })
    const onLeave = await open({})
    expect(screen.getByRole('heading', { name: 'Entrar na Norte Frio' })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Entrar e enviar 3 mudanças' })).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('E-mail').value).toBe(lia.email)
    submit(/Abrir sem entrar/)
    await waitFor(() => expect(onLeave).toHaveBeenCalledWith('/'))
  })
  test('the password shows when asked, and says so', async () => {
    await open({})
    const field = screen.getByLabelText<HTMLInputElement>('Senha')
    expect([field.type, field.autocomplete]).toEqual(['password', 'current-password'])
    fireEvent.click(screen.getByRole('button', { name: 'Mostrar senha' }))
    expect(screen.getByLabelText<HTMLInputElement>('Senha').type).toBe('text')
    expect(screen.getByRole('button', { name: 'Esconder senha' }).getAttribute('aria-pressed')).toBe('true')
  })
})
