const listed = (names: readonly string[]) =>
  new Intl.ListFormat('pt-BR', { type: 'conjunction' }).format(names)

export const presence = {
  here: 'Quem está aqui',
  away: (name: string) => `${name}, ausente`,
  andMore: (count: number) => `mais ${count}`,
  othersHere: (name: string, more: number) =>
    more === 0 ? `, ${name} aqui` : `, ${name} e mais ${more} aqui`,
  haveItOpen: (names: readonly string[]) =>
    names.length === 1 ? `${listed(names)} está nesta tarefa` : `${listed(names)} estão nesta tarefa`,
  editing: (names: readonly string[]) =>
    names.length === 1 ? `${listed(names)} está editando` : `${names.length} editando`,
}
