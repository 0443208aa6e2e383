// Asks for the own password once more before something that an unlocked screen must not allow.
import { Input } from 'antd';
import { useT } from '../../i18n';
import { FieldStep } from './FieldStep';

interface Props {
  title: string;
  text: string;
  act: string;
  onPassword: (password: string) => Promise<void>;
  onClose: () => void;
}

export function PasswordStep({ title, text, act, onPassword, onClose }: Props) {
  const t = useT();
  return (
    <FieldStep title={title} act={act} name="password" label={t('account.password')} wrong={t('factor.password_wrong')} input={<Input.Password autoFocus autoComplete="current-password" />} onGo={onPassword} onClose={onClose}>
      <p className="lx-t2">{text}</p>
    </FieldStep>
  );
}
