// The contact's own record while it grows: read again after each of its events, a moment late so that the event has
// reached the history.
import { useEffect } from 'react';
import type { InteractionDetail } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { onEvent } from '../store/live';

const settle_ms = 250;

export function useDetail(id: string): InteractionDetail | undefined {
  const { value, problem, again } = useLoad<InteractionDetail>(`/interactions/${id}`);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(again, settle_ms);
    };
    if (problem?.status === 404) later();
    const stop = onEvent((event) => event.interaction === id && later());
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [id, again, problem]);
  return value;
}
