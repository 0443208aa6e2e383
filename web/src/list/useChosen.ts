// The rows a person has ticked in a list; forgotten when the list shows something else. `all` means every row of the filter.
import { useState } from 'react';

export interface Chosen {
  ids: ReadonlySet<string>;
  all: boolean;
  choose: (ids: string[], on: boolean) => void;
  chooseAll: () => void;
  clear: () => void;
}

const none: ReadonlySet<string> = new Set();

export function useChosen(question: string): Chosen {
  const [held, setHeld] = useState({ question, ids: none, all: false });
  const now = held.question === question ? held : { question, ids: none, all: false };
  return {
    ids: now.ids,
    all: now.all,
    choose: (ids, on) => {
      const made = new Set(now.ids);
      for (const id of ids) {
        if (on) made.add(id);
        else made.delete(id);
      }
      setHeld({ question, ids: made, all: false });
    },
    chooseAll: () => setHeld({ ...now, all: true }),
    clear: () => setHeld({ question, ids: none, all: false }),
  };
}
