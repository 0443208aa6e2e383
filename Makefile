# What people type; the work is in scripts/ and CMakeLists.txt.
APT_BUILD = build-essential ca-certificates ccache cmake espeak-ng libcmocka-dev libcurl4-openssl-dev libexpat1-dev \
	libicu-dev libjansson-dev libopus-dev libphonenumber-dev libpq-dev libsodium-dev \
	libspandsp-dev libspeexdsp-dev libsqlite3-dev libsrtp2-dev libssl-dev libuv1-dev libwslay-dev \
	libxlsxwriter-dev libzip-dev ninja-build \
	pkg-config python3 uthash-dev zlib1g-dev
APT_TEST = chromium-headless-shell clang clang-format clang-tidy cppcheck fonts-noto-cjk git libclang-rt-dev lld llvm postgresql sip-tester sox
APT_FRESH = ca-certificates curl debootstrap procps python3

RUN ?= --data data --demo

.NOTPARALLEL:
.PHONY: all run test check bench soak fresh clean
all: build/lingxi

run: web build/lingxi
	@exec build/lingxi run $(RUN)

test: web
	@scripts/bootstrap $(APT_BUILD) $(APT_TEST)
	@scripts/test

check:
	@scripts/packages --stale
	@scripts/check

bench: build/lingxi
	@scripts/bench $(PARTS)

soak:
	@scripts/bootstrap $(APT_BUILD) $(APT_TEST)
	@scripts/soak

fresh:
	@scripts/bootstrap $(APT_FRESH)
	@scripts/fresh

clean:
	rm -rf build build-* web/dist

.PHONY: web build/lingxi
web:
	@scripts/web

build/lingxi:
	@scripts/bootstrap $(APT_BUILD)
	@scripts/build build -DCMAKE_BUILD_TYPE=RelWithDebInfo
