// antd told once what tokens.css says: theme.json holds the same values for its tokens, per theme.
import { ConfigProvider, theme as antdTheme, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import type { ReactNode } from 'react';
import { useLang } from '../i18n';
import { useTheme, type Theme } from '../store/prefs';
import tokens from './theme.json';

const still = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;

function configOf(theme: Theme): ThemeConfig {
  const { token, components } = tokens[theme];
  return {
    algorithm: theme === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: { ...token, motion: !still },
    components: components as unknown as ThemeConfig['components'],
  };
}

const configs: Record<Theme, ThemeConfig> = { light: configOf('light'), dark: configOf('dark') };

export function AntdTheme({ children }: { children: ReactNode }) {
  const lang = useLang();
  const theme = useTheme();
  dayjs.locale(lang === 'en' ? 'en' : 'zh-cn');
  return (
    <ConfigProvider
      theme={configs[theme]}
      locale={lang === 'en' ? enUS : zhCN}
      componentSize="medium"
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
