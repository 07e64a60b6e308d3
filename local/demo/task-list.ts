import type { TaskPriority, TaskStatus } from '../../src/domain/collections/tasks.ts'

/** A day of work at Norte Frio. Days are counted from the first start, so that the demo is never out of date. */
export interface DemoTask {
  readonly title: string
  readonly status: TaskStatus
  readonly priority?: TaskPriority
  readonly who?: 'lia' | 'marta'
  readonly labels?: readonly DemoLabel[]
  readonly due?: { readonly inDays: number; readonly time?: string }
  readonly description?: string
}

export const demoLabels = {
  peças: 'urchin',
  frota: 'kelp',
  contrato: 'shell',
  vendas: 'sun',
  freezer: 'deep',
  urgente: 'coral',
  conhecimento: 'urchin',
  'câmara fria': 'deep',
} as const
export type DemoLabel = keyof typeof demoLabels

export const demoTasks: readonly DemoTask[] = [
  {
    title: 'Encomendar vedação da porta, câmara 2',
    status: 'backlog',
    priority: 'p3',
    who: 'lia',
    labels: ['peças', 'câmara fria'],
    due: { inDays: 4 },
    description: 'Perfil magnético, 2,10 m × 0,90 m. O fornecedor de Olinda entrega em três dias.',
  },
  {
    title: 'Levar compressor reserva para a van 3',
    status: 'backlog',
    priority: 'p2',
    who: 'marta',
    labels: ['frota'],
  },
  {
    title: 'Auditoria de fotos das 14 lojas Bom Preço',
    status: 'backlog',
    priority: 'p3',
    labels: ['contrato'],
    due: { inDays: 8 },
    description:
      'Uma foto do painel e uma da porta em cada loja.\nNomear os arquivos pelo número da loja, como está no contrato.',
  },
  {
    title: 'Retornar sobre o plano trimestral, Olinda',
    status: 'backlog',
    priority: 'p4',
    who: 'lia',
    labels: ['vendas'],
  },
  { title: 'Warranty form in English', status: 'backlog', priority: 'p4', who: 'marta' },
  {
    title: 'Cotar gás R-404A para dezembro',
    status: 'backlog',
    priority: 'p3',
    labels: ['peças'],
    due: { inDays: 11 },
  },
  {
    title: 'Renovar o seguro da van 2',
    status: 'backlog',
    priority: 'p2',
    who: 'lia',
    labels: ['frota'],
    due: { inDays: 10 },
  },
  {
    title: 'Trocar ventilador do condensador, freezer ilha',
    status: 'in_progress',
    priority: 'p1',
    who: 'lia',
    labels: ['freezer', 'urgente'],
    due: { inDays: 0, time: '15:30' },
    description:
      'O freezer ilha 88213 mostra E4: o ventilador do condensador não parte.\n\nLevar o ventilador de 220 V da van 3. Conferir o capacitor antes de trocar, é o que falha primeiro nesta série.',
  },
  {
    title: 'Rota de sexta, norte do Recife',
    status: 'in_progress',
    priority: 'p2',
    who: 'marta',
    labels: ['frota'],
    due: { inDays: 1 },
  },
  {
    title: 'Modelos de resposta para os códigos E4 a E7',
    status: 'in_progress',
    priority: 'p3',
    who: 'marta',
    labels: ['conhecimento'],
  },
  {
    title: 'Calibrar sondas, Farmácia Boa Vista',
    status: 'in_progress',
    priority: 'p3',
    who: 'lia',
    due: { inDays: 1, time: '08:00' },
    description: 'Três sondas. Levar o termômetro de referência e o certificado.',
  },
  {
    title: 'Orçar câmara fria, Sorveteria Polo Norte',
    status: 'in_progress',
    priority: 'p2',
    who: 'lia',
    labels: ['vendas', 'câmara fria'],
    due: { inDays: 3 },
  },
  {
    title: 'Trocar compressor, Padaria Trigo de Ouro',
    status: 'blocked',
    priority: 'p2',
    who: 'marta',
    labels: ['peças'],
    due: { inDays: -2 },
    description: 'Espera a vedação da câmara 2: o mesmo frete traz o compressor.',
  },
  { title: 'Invoice Lagos Cold Stores', status: 'blocked', priority: 'p3', who: 'marta' },
  {
    title: 'Instalar termostato, Hotel Atlântico',
    status: 'blocked',
    priority: 'p3',
    labels: ['peças', 'câmara fria'],
    due: { inDays: 6 },
  },
  {
    title: 'Relatório semanal de temperatura',
    status: 'review',
    priority: 'p3',
    who: 'marta',
    due: { inDays: 0 },
  },
  {
    title: 'Lista de preços da rota norte',
    status: 'review',
    priority: 'p4',
    who: 'lia',
    labels: ['vendas'],
  },
  {
    title: 'Contrato de manutenção, Rede Bom Preço',
    status: 'review',
    priority: 'p2',
    who: 'lia',
    labels: ['contrato'],
    due: { inDays: 5 },
  },
  { title: 'Reiniciar controlador, Clínica Santa Rita', status: 'done', priority: 'p2', who: 'lia' },
  {
    title: 'Visita ao Mercado São Jorge',
    status: 'done',
    priority: 'p1',
    who: 'lia',
    labels: ['urgente'],
    due: { inDays: -1 },
  },
  {
    title: 'Trocar filtro secador, Açougue Boi Bom',
    status: 'done',
    priority: 'p3',
    who: 'marta',
    labels: ['peças'],
  },
  { title: 'Pagar a oficina da van 1', status: 'done', priority: 'p3', who: 'marta', labels: ['frota'] },
  {
    title: 'Guia de degelo para o balcão',
    status: 'done',
    priority: 'p4',
    who: 'marta',
    labels: ['conhecimento'],
  },
  { title: 'Confirmar a visita, Farmácia Boa Vista', status: 'done', who: 'lia' },
  {
    title: 'Devolver termômetro emprestado, Olinda',
    status: 'done',
    priority: 'p4',
    who: 'lia',
    due: { inDays: -3 },
  },
]
