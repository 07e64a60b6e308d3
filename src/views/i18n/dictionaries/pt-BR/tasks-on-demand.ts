/** Words of an open task. */
export const tasksOnDemand = {
  description: 'Descrição',
  unreadable: (fields: string) => `Não foi possível ler: ${fields}. Escreva de novo para corrigir.`,
  more: 'Mais',
  restore: 'Restaurar',
  trashed: 'Esta tarefa foi excluída',
  trashedWhy: 'O que estava nela continua guardado, também o que outros escreveram depois.',
  copyLink: 'Copiar link',
  linkCopied: 'Link copiado.',
  linkNotCopied: 'O navegador não deixou copiar. O link está na barra de endereço.',
  gone: 'Esta tarefa não está mais aqui',
  goneWhy: 'Alguém a excluiu, ou o link é de outro quadro.',
  descriptionHint: 'O que fazer, com o quê, onde.',
  createdBy: (who: string, when: string) => `Criada por ${who}, ${when}`,
  createdAt: (when: string) => `Criada ${when}`,
}
