// What the reader sees when a page throws: the shell and the phone go on beside it.
import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { t } from '../i18n';
import { Empty } from './Empty';

interface Props {
  children: ReactNode;
  place: string;
}

interface State {
  failed: boolean;
  place: string;
}

export class Crash extends Component<Props, State> {
  override state: State = { failed: false, place: this.props.place };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.place === state.place ? null : { failed: false, place: props.place };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Empty
        icon="shield"
        title={t('error.crashed')}
        text={t('error.crashed_what')}
        action={<Button onClick={() => location.reload()}>{t('error.reload')}</Button>}
      />
    );
  }
}
