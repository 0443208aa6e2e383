#ifndef LX_SIP_REGISTRAR_INT_H
#define LX_SIP_REGISTRAR_INT_H

#include "sip/registrar.h"
#include "sip/txn.h"

/* A REGISTER; answers the transaction. */
void registrar_receive(struct registrar *r, struct txn *t, struct sip_msg *msg, struct sip_flow *flow);

#endif
