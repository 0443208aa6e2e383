// Pictures of pages to look at: node test/browser/shots.mjs BASE OUT_DIR USER PATH… [--lang=en] [--theme=dark] [--width=1440]
import { openBrowser, openPage, signIn } from './browser.mjs';

const flags = Object.fromEntries(process.argv.filter((a) => a.startsWith('--')).map((a) => a.slice(2).split('=')));
const [base, out, user, ...paths] = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const browser = await openBrowser();
try {
  const page = await openPage(browser, { ...flags, width: Number(flags.width ?? 1440), height: Number(flags.height ?? 900) });
  if (user !== '-') await signIn(page, base, user);
  for (const path of paths) {
    await page.goto(base + path);
    await page.waitForTimeout(1200);
    const name = `${user}${path.replace(/[^\w]+/g, '_')}${flags.lang ? `-${flags.lang}` : ''}${flags.theme ? `-${flags.theme}` : ''}.png`;
    await page.screenshot({ path: `${out}/${name}` });
    console.log(name, page.errors.splice(0).join('\n'));
  }
} finally {
  await browser.close();
}
