// Every page in Chromium against the fake server: no script error, no serious finding of axe, in both themes. Needs
// dist/ (npm run build). Ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openBrowser, openPage, signIn } from './browser.mjs';
import { scenes } from './scenes.mjs';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const server = spawn(process.execPath, [new URL('../fake/server.mjs', import.meta.url).pathname, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((resolve) => createInterface({ input: server.stdout }).once('line', resolve));

async function findings(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`);
}

const counts = { passed: 0, failed: 0 };
function report(name, wrong) {
  counts[wrong.length === 0 ? 'passed' : 'failed'] += 1;
  if (wrong.length > 0) console.log(`FAIL ${name}\n  ${wrong.join('\n  ')}`);
}

const browser = await openBrowser();
try {
  for (const look of [{ lang: 'zh-CN', theme: 'light' }, { lang: 'en', theme: 'dark' }]) {
    for (const { name, user, run } of scenes) {
      const page = await openPage(browser, look);
      const wrong = [];
      try {
        if (user) await signIn(page, base, user);
        wrong.push(...((await run(page, base)) ?? []));
        await page.waitForTimeout(300);
        wrong.push(...(await findings(page)));
      } catch (error) {
        wrong.push(String(error));
      }
      report(`${name} (${look.lang}, ${look.theme})`, [...wrong, ...page.errors]);
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  server.kill();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
