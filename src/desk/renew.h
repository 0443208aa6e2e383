#ifndef LX_DESK_RENEW_H
#define LX_DESK_RENEW_H

#include "desk/desk_int.h"

/* Begins to bring records of older versions up to date, when there are any; returns at once. */
void renew_begin(struct desk *desk);
/* Numbers without a country code are of the country in the settings from now on. */
int numbers_settle(struct desk *desk) MUST_CHECK;

#endif
