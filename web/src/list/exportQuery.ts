// A list's address as the server takes it in a body: the search and the order are one text each, filters are lists.
export function exportQuery(question: string): Record<string, string | string[]> {
  const params = new URLSearchParams(question);
  return Object.fromEntries([...new Set(params.keys())].map((name) => {
    const values = params.getAll(name);
    return [name, name === 'sort' || name === 'q' ? (values[0] ?? '') : values];
  }));
}
