import { App as AntdApp } from 'antd';
import { useEffect } from 'react';
import { BrowserRouter } from 'react-router';
import { Crash } from './components/Crash';
import { Gate } from './shell/Gate';
import { loadSession } from './store/session';
import { AntdTheme } from './theme/AntdTheme';

export function App() {
  useEffect(() => {
    void loadSession();
  }, []);
  return (
    <AntdTheme>
      <AntdApp component={false}>
        <BrowserRouter>
          <Crash place="app">
            <Gate />
          </Crash>
        </BrowserRouter>
      </AntdApp>
    </AntdTheme>
  );
}
