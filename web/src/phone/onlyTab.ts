// One phone per agent, however many tabs: the tab that holds the lock has it. Another may take it over; the lock goes by
// itself when a tab is closed or reloaded.
export interface Claim {
  take: () => void;
  release: () => void;
}

interface Handlers {
  won: () => void;
  lost: () => void;
  elsewhere: () => void;
}

export function claimPhone(agent: string, { won, lost, elsewhere }: Handlers): Claim {
  const locks = navigator.locks as LockManager | undefined;
  let let_go: () => void = () => undefined;
  let ended = false;
  const hold = (lock: Lock | null): Promise<void> | undefined => {
    if (ended) return undefined;
    if (!lock) {
      elsewhere();
      return undefined;
    }
    won();
    return new Promise<void>((resolve) => (let_go = resolve));
  };
  const request = (options: LockOptions) => {
    if (!locks) return won();
    locks.request(`lingxi.phone.${agent}`, options, hold).catch(() => {
      if (!ended) lost();
    });
  };
  request({ ifAvailable: true });
  return {
    take: () => request({ steal: true }),
    release: () => {
      ended = true;
      let_go();
    },
  };
}
