/** The colours that people pick for labels, and the suits of agents. */
export const pigments = ['kelp', 'coral', 'urchin', 'sun', 'deep', 'shell'] as const

export type Pigment = (typeof pigments)[number]
