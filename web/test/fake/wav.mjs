// A stereo recording of 95 s: a tone left, another right, with ranges as the player asks for them.
const seconds = 95, rate = 8000, bytes = seconds * rate * 4;
const file = Buffer.alloc(44 + bytes);
file.write('RIFF', 0); file.writeUInt32LE(36 + bytes, 4); file.write('WAVEfmt ', 8); file.writeUInt32LE(16, 16); file.writeUInt16LE(1, 20); file.writeUInt16LE(2, 22);
file.writeUInt32LE(rate, 24); file.writeUInt32LE(rate * 4, 28); file.writeUInt16LE(4, 32); file.writeUInt16LE(16, 34); file.write('data', 36); file.writeUInt32LE(bytes, 40);
for (let i = 0; i < seconds * rate; i++) {
  file.writeInt16LE(Math.round(4000 * Math.sin(i * 0.35)), 44 + i * 4);
  file.writeInt16LE(Math.round(4000 * Math.sin(i * 0.5)), 46 + i * 4);
}

export function wav(req, res) {
  const match = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? '');
  const head = { 'Content-Type': 'audio/wav', 'Accept-Ranges': 'bytes' };
  if (!match) return res.writeHead(200, { ...head, 'Content-Length': file.length }).end(file);
  const from = Number(match[1]), to = match[2] === '' ? file.length - 1 : Math.min(Number(match[2]), file.length - 1);
  return res.writeHead(206, { ...head, 'Content-Range': `bytes ${from}-${to}/${file.length}`, 'Content-Length': to - from + 1 }).end(file.subarray(from, to + 1));
}
