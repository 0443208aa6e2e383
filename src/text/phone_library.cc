/* The only C++ of the program: libphonenumber has no other face. No exception leaves it, for it throws none.
 */
#include "text/phone_library.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstdio>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/* Reads a whole number of a country: known to be in use, or at least as long as new series are. */
static bool read(const char *digits, const char *region, std::string *ret_text)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	PhoneNumber number;
	std::string national;
	if (util.Parse(digits, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR)
		return false;
	util.GetNationalSignificantNumber(number, &national);
	util.Format(number, PhoneNumberUtil::E164, ret_text);
	return util.IsValidNumber(number) ||
		(util.IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE &&
			national.size() >= 10);
}

static bool give(const std::string &text, char *ret_text, size_t size)
{
	return static_cast<size_t>(snprintf(ret_text, size, "%s", text.c_str())) < size;
}

bool phone_library_knows(const char *region)
{
	return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region) != 0;
}

bool phone_library_e164(const char *digits, const char *region, char *ret_number, size_t size)
{
	std::string text, again;
	if (!read(digits, region, &text) || !read(text.c_str(), region, &again) || text != again)
		return false; /* what is stored must be its own form */
	return give(text, ret_number, size);
}

bool phone_library_dialled(const char *number, const char *region, char *ret_text, size_t size)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	PhoneNumber parsed;
	std::string text;
	if (util.Parse(number, region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR)
		return false;
	util.FormatOutOfCountryCallingNumber(parsed, region, &text);
	return give(text, ret_text, size);
}
