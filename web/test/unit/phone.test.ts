import { describe, expect, it } from 'vitest';
import { asksForAnswer, g711First } from '../../src/phone/sip';
import { partyOf } from '../../src/desk/party';
import { contactIdOf } from '../../src/desk/me';
import { matching } from '../../src/desk/match';
import { httpOf } from '../../src/pages/signin/edge';
import type { CallLive } from '../../src/api/shapes';

const sdp = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:126 telephone-event/8000', ''].join('\r\n');

describe('our SDP', () => {
  it('prefers G.711 and keeps everything else in order', () => {
    const made = g711First(sdp.replaceAll('\r\n', '\n'));
    expect(made).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 8 0 111 63 9 13 110 126');
    expect(made).toContain('a=rtpmap:111 opus/48000/2');
  });

  it('is found with CRLF too', () => {
    expect(g711First(sdp)).toContain('SAVPF 8 0 111 63 9 13 110 126\r\n');
  });
});

describe('an INVITE', () => {
  it.each([
    ['<http://www.notused.com>;info=alert-autoanswer;delay=0', true],
    ['<sip:x>;answer-after=0', true],
    ['<http://www.notused.com>;info=external', false],
    ['<sip:x>;answer-after=30', false],
    [undefined, false],
  ])('with %s is answered at once: %s', (header, at_once) => {
    expect(asksForAnswer([header, undefined])).toBe(at_once);
  });
});

describe('the contact in hand', () => {
  const call = (more: Partial<CallLive>): CallLive => ({ direction: 'inbound', from: '13800000000', to: '400', phase: 'talking', since: 1, started: 1, ...more });

  it('is the one the agent names, else the one that names the agent', () => {
    const calls = { 1: call({ agent: '7' }), 2: call({ agent: '8', consult_agent: '9' }) };
    expect(contactIdOf(calls, '7', '5')).toBe('5');
    expect(contactIdOf(calls, '7', null)).toBe('1');
    expect(contactIdOf(calls, '9', null)).toBe('2');
    expect(contactIdOf(calls, '6', null)).toBeNull();
  });

  it('names the other side by name, number, or a word', () => {
    expect(partyOf([call({ name: '周雨桐' })]).who).toBe('周雨桐');
    expect(partyOf([undefined, call({ direction: 'outbound', to: '10086' })])).toMatchObject({ who: '10086', number: '10086', outbound: true });
    expect(partyOf([call({ from: 'visitor' })]).who).not.toBe('visitor');
    expect(partyOf([null]).who).toBe('');
    const house = { extension: '8001', colleagues: [{ id: '2', name: '李娜', extension: '8002' }] };
    const within = call({ direction: 'internal', from: '8001', to: '8002' });
    expect(partyOf([within], house)).toEqual({ who: '李娜', number: '8002', outbound: true, internal: true });
    expect(partyOf([within], { ...house, extension: '8002' }).number).toBe('8001');
  });
});

describe('the search of a target', () => {
  const rows = [
    { id: '1', name: '王芳', number: '8001' },
    { id: '2', name: '李沐阳', number: '8012' },
    { id: '3', name: 'Fang', number: '1800' },
  ];
  it('puts beginnings first and finds by name too', () => {
    expect(matching(rows, '80').map((r) => r.id)).toEqual(['1', '2', '3']);
    expect(matching(rows, 'fa').map((r) => r.id)).toEqual(['3']);
    expect(matching(rows, '芳').map((r) => r.id)).toEqual(['1']);
    expect(matching(rows, '')).toHaveLength(3);
  });
});

describe('the address to open when the phone line is refused', () => {
  it('is the same port by http', () => {
    expect(httpOf('wss://desk.example:8081/sip')).toBe('https://desk.example:8081/');
    expect(httpOf('ws://127.0.0.1:8081/sip')).toBe('http://127.0.0.1:8081/');
  });
});
