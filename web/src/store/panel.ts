// Which panel of the phone bar is open; keys and buttons open the same one.
import { createStore } from './create';

export type Panel = 'state' | 'transfer' | 'consult' | 'keys' | null;

export const panelStore = createStore<Panel>(null);

export function togglePanel(panel: Panel): void {
  panelStore.set((old) => (old === panel ? null : panel));
}
