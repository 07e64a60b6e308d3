export const demoWorkspace = 'Norte Frio'

/** Fixed and public: whoever opens a demo stack to a network should know. */
export const demoPassword = 'norte-frio-demo'

export const demoPeople = [
  { name: 'Lia Monteiro', email: 'lia@nortefrio.example' },
  { name: 'Marta Oliveira', email: 'marta@nortefrio.example' },
] as const
