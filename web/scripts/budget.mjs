// Fails when a chunk outgrows its budget (kB gzipped). A chunk is known by its name before the hash; what is not named
// here gets the budget of `other`.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const budget = { antd: 420, react: 110, jssip: 62, other: 40 };
const allOfIt = 680;

const dir = process.argv[2] ?? 'dist/assets';
let sum = 0;
let failed = 0;
for (const name of readdirSync(dir).filter((n) => n.endsWith('.js.gz') || n.endsWith('.css.gz'))) {
  const kb = statSync(join(dir, name)).size / 1024;
  const chunk = name.replace(/-[\w-]{8}\.(js|css)\.gz$/, '');
  const limit = budget[chunk] ?? budget.other;
  sum += kb;
  if (kb > limit) {
    failed += 1;
    console.error(`chunk ${name}: ${kb.toFixed(1)} kB, budget ${limit} kB`);
  }
}
if (sum > allOfIt) {
  failed += 1;
  console.error(`all chunks: ${sum.toFixed(1)} kB, budget ${allOfIt} kB`);
}
console.log(`chunks: ${sum.toFixed(1)} kB gzipped in all`);
process.exit(failed ? 1 : 0);
