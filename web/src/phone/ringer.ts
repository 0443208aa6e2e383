// The ring of an offered call: one second of 450 Hz, four of silence, made here so that no file is needed. A page on
// which nothing was clicked yet may not sound; the card and the notification still show.
let context: AudioContext | undefined;
let timer: ReturnType<typeof setInterval> | undefined;

function ringOnce(): void {
  if (!context) return;
  const tone = context.createOscillator();
  const gain = context.createGain();
  const now = context.currentTime;
  tone.frequency.value = 450;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.12, now + 0.02);
  gain.gain.setValueAtTime(0.12, now + 0.96);
  gain.gain.linearRampToValueAtTime(0, now + 1);
  tone.connect(gain).connect(context.destination);
  tone.start(now);
  tone.stop(now + 1);
}

export function startRinging(): void {
  if (timer !== undefined) return;
  context ??= new AudioContext();
  void context.resume().catch(() => undefined);
  ringOnce();
  timer = setInterval(ringOnce, 5000);
}

export function stopRinging(): void {
  clearInterval(timer);
  timer = undefined;
}
