import { App } from 'antd';
import { useT } from '../i18n';

// Asks before what costs something; the safe answer has the focus.
export function useAsk() {
  const t = useT();
  const { modal } = App.useApp();
  return (title: string, content: string, ok: string, cancel = t('admin.keep')) =>
    modal.confirm({ title, content, okText: ok, cancelText: cancel, okButtonProps: { danger: true, type: 'primary' }, focusable: { autoFocusButton: 'cancel' } });
}
