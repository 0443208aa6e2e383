// What keeps this page from taking calls, and what to do about it: the microphone first, then the phone's line.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ThresholdShape } from '../components/Threshold';
import { t, useT } from '../i18n';
import { allowMic, checkMic, phoneStore, takePhoneHere, type PhoneState } from '../phone/phone';
import { useStore } from '../store/create';

interface Notice {
  title: string;
  text: string;
  action?: ReactNode;
}

function micNotice(phone: PhoneState): Notice | null {
  const { mic } = phone;
  if (mic === null || mic === 'ok') return null;
  const action =
    mic === 'ask' ? (
      <Button type="primary" size="small" onClick={() => void allowMic()}>
        {t('mic.ask_do')}
      </Button>
    ) : (
      <Button size="small" onClick={() => void checkMic()}>
        {t('common.retry')}
      </Button>
    );
  return { title: t(`mic.${mic}`), text: t(`mic.${mic}_what`), action };
}

function lineNotice({ line, cause }: PhoneState): Notice | null {
  const take = (
    <Button size="small" onClick={takePhoneHere}>
      {t('line.take')}
    </Button>
  );
  switch (line) {
    case 'lost':
      return { title: t('line.lost'), text: t('line.lost_what') };
    case 'refused':
      return { title: t('line.refused', { cause }), text: t('line.refused_what') };
    case 'elsewhere':
      return { title: t('line.elsewhere'), text: t('line.elsewhere_what'), action: take };
    case 'taken':
      return { title: t('line.taken'), text: t('line.taken_what'), action: take };
    default:
      return null;
  }
}

export function LineNotice() {
  useT();
  const phone = useStore(phoneStore);
  if (phone.line === 'off') return null;
  const notice = lineNotice(phone) ?? micNotice(phone);
  if (!notice) return null;
  return (
    <div className="lx-notice lx-notice-near desk-notice" role="alert" data-line={phone.line}>
      <ThresholdShape level="near" />
      <div className="lx-row">
        <div className="lx-grow">
          <div>{notice.title}</div>
          <p>{notice.text}</p>
        </div>
        {notice.action}
      </div>
    </div>
  );
}
