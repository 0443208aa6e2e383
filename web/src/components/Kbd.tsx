export function Kbd({ children }: { children: string }) {
  return <kbd className="lx-kbd">{children}</kbd>;
}
