export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d="M3 20.5C3.2 12.3 8.6 6.3 17.3 4.2 13.7 8.6 14.8 18.4 3 20.5z" />
      <circle cx="18.7" cy="14.7" r="2.6" />
    </svg>
  );
}
