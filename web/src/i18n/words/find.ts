export const findWords = {
  'find.word': ['搜索', 'Search'],
  'find.title': ['搜索客户、人员、队列、联络和页面', 'Search customers, people, queues, contacts and pages'],
  'find.hint': ['姓名、拼音、号码、页面……', 'Name, number, page …'],
  'find.recent': ['最近打开', 'Opened lately'],
  'find.pages': ['页面', 'Pages'],
  'find.actions': ['操作', 'Things to do'],
  'find.none': ['没有找到“{text}”。请换个词，或只写号码的一部分。', 'Nothing found for "{text}". Try another word or a part of the number.'],
  'find.failed': ['有些内容没有搜到：服务器没有回答。', 'Not everything was searched: the server did not answer.'],
  'find.dark': ['换成夜间外观', 'Dark look'],
  'find.light': ['换成日间外观', 'Light look'],
  'nav.customers': ['客户', 'Customers'],
} as const;
