import { describe, expect, test } from 'vitest'
import { type QuickAddContext, escapeToken, parseQuickAdd } from './quick-add.ts'

// A Friday.
const context: QuickAddContext = {
  now: { day: '2026-11-20', minutes: 14 * 60 + 32 },
  locale: 'pt-BR',
  labels: [
    { id: 'l-pecas', name: 'peças' },
    { id: 'l-freezer', name: 'freezer' },
    { id: 'l-camara', name: 'câmara fria' },
  ],
  members: [
    { id: 'lia', name: 'Lia Monteiro' },
    { id: 'marta', name: 'Marta Oliveira' },
    { id: 'marcos', name: 'Marcos Lima' },
  ],
  self: 'lia',
}
const english: QuickAddContext = { ...context, locale: 'en' }
const day = (date: string, time: string | null = null) => ({ day: date, time })

describe('a date in a quick-add line', () => {
  test.each([
    ['hoje', day('2026-11-20')],
    ['today', day('2026-11-20')],
    ['amanhã', day('2026-11-21')],
    ['AMANHA', day('2026-11-21')],
    ['tomorrow', day('2026-11-21')],
    ['depois de amanhã', day('2026-11-22')],
    ['day after tomorrow', day('2026-11-22')],
    ['em 3 dias', day('2026-11-23')],
    ['in 3 days', day('2026-11-23')],
    ['daqui a duas semanas', day('2026-12-04')],
    ['in a week', day('2026-11-27')],
    ['em 1 mês', day('2026-12-20')],
    ['in 3 months', day('2027-02-20')],
    ['semana que vem', day('2026-11-23')],
    ['próxima semana', day('2026-11-23')],
    ['next week', day('2026-11-23')],
    ['mês que vem', day('2026-12-01')],
    ['next month', day('2026-12-01')],
    ['fim do mês', day('2026-11-30')],
    ['segunda', day('2026-11-23')],
    ['segunda-feira', day('2026-11-23')],
    ['sábado', day('2026-11-21')],
    ['monday', day('2026-11-23')],
    ['on wed', day('2026-11-25')],
    ['friday', day('2026-11-27')],
    ['na sex', day('2026-11-27')],
    ['próxima quarta', day('2026-11-25')],
    ['next monday', day('2026-11-23')],
    ['sexta que vem', day('2026-11-27')],
    ['next friday', day('2026-11-27')],
    ['25/12', day('2026-12-25')],
    ['12/25', day('2026-12-25')],
    ['03/02', day('2027-02-03')],
    ['1/3/27', day('2027-03-01')],
    ['2027-02-28', day('2027-02-28')],
    ['25 de dezembro', day('2026-12-25')],
    ['25 dez', day('2026-12-25')],
    ['Dec 25', day('2026-12-25')],
    ['December 25th, 2027', day('2027-12-25')],
    ['25 Dec', day('2026-12-25')],
    ['1º de março', day('2027-03-01')],
    ['29 de fevereiro', day('2028-02-29')],
    ['amanhã 9h', day('2026-11-21', '09:00')],
    ['amanhã às 9h30', day('2026-11-21', '09:30')],
    ['tomorrow at 9', day('2026-11-21', '09:00')],
    ['tomorrow, 3pm', day('2026-11-21', '15:00')],
    ['12am tomorrow', day('2026-11-21', '00:00')],
    ['15:30 hoje', day('2026-11-20', '15:30')],
    ['às 16h', day('2026-11-20', '16:00')],
    ['at 9am', day('2026-11-21', '09:00')],
    ['até sexta 18h', day('2026-11-27', '18:00')],
    ['by friday', day('2026-11-27')],
    ['para o dia 25/12', day('2026-12-25')],
  ])('%s', (phrase, due) => {
    const parsed = parseQuickAdd(`Trocar ventilador ${phrase}`, context)
    expect(parsed.due).toEqual(due)
    expect(parsed.title).toBe('Trocar ventilador')
    const [token] = parsed.tokens
    expect(token).toMatchObject({ start: 18, end: 18 + phrase.length })
  })

  test('reads a numeric date by the language when both ways are possible', () => {
    expect(parseQuickAdd('x 03/04/2027', context).due?.day).toBe('2027-04-03')
    expect(parseQuickAdd('x 03/04/2027', english).due?.day).toBe('2027-03-04')
  })

  test.each([
    'Segunda via do boleto',
    'Quinta revisão da câmara',
    'Trocar tubo 1/2 polegada',
    'Ter peça em estoque',
    'Sun shade for the van',
    'Set 5 alarms',
    'Rota 31/02',
    'Sem movimento há 24h no painel',
    'Comprar 3 h de aluguel',
    'Turno 15:30 do Recife',
    'hojeria',
    'Nota 40/13',
    'em 3 lojas',
  ])('leaves “%s” alone', (line) => {
    const parsed = parseQuickAdd(line, context)
    expect(parsed.tokens).toEqual([])
    expect(parsed.title).toBe(line)
  })

  test('counts an uncertain word at the end, beside a token, or after a connector', () => {
    expect(parseQuickAdd('Ligar segunda', context).due?.day).toBe('2026-11-23')
    expect(parseQuickAdd('Ligar segunda #peças', context).due?.day).toBe('2026-11-23')
    expect(parseQuickAdd('Ligar na segunda cedo', context)).toMatchObject({ title: 'Ligar cedo' })
    expect(parseQuickAdd('Visita 1/12', context).due?.day).toBe('2026-12-01')
  })

  test('keeps the last of two dates and leaves the first as text', () => {
    expect(parseQuickAdd('Relatório de hoje para amanhã', context)).toMatchObject({
      title: 'Relatório de hoje',
      due: day('2026-11-21'),
    })
  })
})

describe('labels, people and priority', () => {
  test('become fields, and the rest is the title', () => {
    const line = 'Check gas, cold room 2 #pecas @Marta tomorrow 9:00 p2 #urgente'
    expect(parseQuickAdd(line, english)).toEqual({
      title: 'Check gas, cold room 2',
      labels: [
        { name: 'peças', id: 'l-pecas' },
        { name: 'urgente', id: null },
      ],
      assignee: 'marta',
      priority: 'p2',
      due: day('2026-11-21', '09:00'),
      tokens: [
        { kind: 'label', name: 'peças', id: 'l-pecas', start: 23, end: 29 },
        { kind: 'assignee', id: 'marta', name: 'Marta Oliveira', start: 30, end: 36 },
        { kind: 'due', due: day('2026-11-21', '09:00'), start: 37, end: 50 },
        { kind: 'priority', priority: 'p2', start: 51, end: 53 },
        { kind: 'label', name: 'urgente', id: null, start: 54, end: 62 },
      ],
    })
  })

  test.each([
    ['x @lia monteiro y', 'lia', 'x y'],
    ['x @oliveira', 'marta', 'x'],
    ['x @eu', 'lia', 'x'],
    ['x @me', 'lia', 'x'],
    ['x @mar', null, 'x @mar'],
    ['x @joão', null, 'x @joão'],
    ['escreva a ana@lia.com', null, 'escreva a ana@lia.com'],
  ])('%s', (line, assignee, title) => {
    expect(parseQuickAdd(line, context)).toMatchObject({ assignee, title })
  })

  test.each([
    ['x #"câmara fria" y', [{ name: 'câmara fria', id: 'l-camara' }], 'x y'],
    ['x #Freezer #FREEZER', [{ name: 'freezer', id: 'l-freezer' }], 'x'],
    ['Freezer #88213', [], 'Freezer #88213'],
    ['http://x.br/#ancora', [], 'http://x.br/#ancora'],
    ['# nada', [], '# nada'],
    ['(#vendas)', [{ name: 'vendas', id: null }], '( )'],
    ['#', [], '#'],
  ])('%s', (line, labels, title) => {
    const parsed = parseQuickAdd(line, context)
    expect(parsed.labels).toEqual(labels)
    expect(parsed.title.replace('()', '( )')).toBe(title)
  })

  test('a backslash makes plain text of any of them, and closing a chip writes it', () => {
    expect(parseQuickAdd(String.raw`Ler \#capitulo \@lia \amanhã \p1`, context)).toMatchObject({
      title: 'Ler #capitulo @lia amanhã p1',
      tokens: [],
    })
    const line = 'Ler amanhã p1'
    const [due] = parseQuickAdd(line, context).tokens
    if (!due) throw new Error('no token')
    const without = escapeToken(line, due)
    expect(parseQuickAdd(without, context)).toMatchObject({ title: 'Ler amanhã', due: null, priority: 'p1' })
    expect(parseQuickAdd(String.raw`C:\temp\novo`, context).title).toBe(String.raw`C:\temp\novo`)
  })

  test('spans stay inside the line and never overlap, whatever is typed', () => {
    const pieces = [
      '#a',
      '@lia',
      'amanhã',
      '9h',
      'p1',
      '25/12',
      '\\',
      '"',
      ' ',
      'na',
      'segunda',
      'ção',
      '🧊',
      '(',
      ')',
    ]
    let state = 7
    for (let round = 0; round < 3000; round++) {
      let line = ''
      for (let count = 0; count < 8; count++) {
        state = (state * 1103515245 + 12345) % 2147483648
        line += pieces[state % pieces.length] + (state % 3 ? ' ' : '')
      }
      let end = 0
      for (const token of parseQuickAdd(line, context).tokens) {
        expect(token.start).toBeGreaterThanOrEqual(end)
        expect(token.end).toBeLessThanOrEqual(line.length)
        expect(token.end).toBeGreaterThan(token.start)
        end = token.end
      }
    }
  })
})
