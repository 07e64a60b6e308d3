export const tasks = {
  title: 'Tarefas',
}
