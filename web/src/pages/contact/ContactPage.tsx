import { useEffect } from 'react';
import { useParams } from 'react-router';
import type { InteractionDetail } from '../../api/shapes';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { ErrorNote } from '../../components/ErrorNote';
import { onEvent } from '../../store/live';
import './contact.css';
import { Head } from './Head';
import { Legs } from './Legs';
import { NoteCard } from './NoteCard';
import { Recording } from './Recording';
import { Steps } from './Steps';

export function ContactPage() {
  const { id = '' } = useParams();
  const { value, problem, again } = useLoad<InteractionDetail>(`/interactions/${encodeURIComponent(id)}`);
  useEffect(
    () =>
      onEvent((event) => {
        if (event.interaction === id) again();
      }),
    [id, again],
  );
  if (problem && !value) {
    return (
      <div className="lx-page">
        <div className="lx-card">
          <ErrorNote problem={problem} again={again} />
        </div>
      </div>
    );
  }
  if (!value) return <Bones rows={10} />;
  return (
    <div className="lx-page contact-page">
      <Head detail={value} />
      <Recording key={value.id} detail={value} />
      <div className="contact-parts">
        <Steps steps={value.steps} />
        <Legs legs={value.legs} />
        <NoteCard key={value.id} detail={value} again={again} />
      </div>
    </div>
  );
}
