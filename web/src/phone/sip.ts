// G.711 first in what we offer or answer: the order of the payload types is the order of preference, so only the
// m= line changes.
export function g711First(sdp: string): string {
  return sdp.replace(/^(m=audio \d+ \S+ )([\d ]+)$/m, (_, head: string, list: string) => {
    const types = list.trim().split(' ');
    const rank = (type: string) => (type === '8' ? 0 : type === '0' ? 1 : 2);
    return head + [...types].sort((a, b) => rank(a) - rank(b)).join(' ');
  });
}

// Whether an INVITE asks to be answered at once: a re-INVITE of a call this page lost, a call the agent dialled, or an
// agent who answers automatically.
export function asksForAnswer(headers: (string | undefined)[]): boolean {
  return headers.some((value) => value !== undefined && /info\s*=\s*"?alert-autoanswer|answer-after\s*=\s*0/i.test(value));
}
