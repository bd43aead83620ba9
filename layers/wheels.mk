# Wheels for the target machine (not this one) from a layer's lock, then bytecode that survives the zip: SAM
# dates every entry 1980, so a timestamp .pyc would be thrown away at each cold start (aws/aws-lambda-builders#924).
# The lock is complete, so nothing is resolved again; python3.13 runs on Amazon Linux 2023, which has glibc 2.34.
# The machine comes from the Makefile that includes this one: a build by sam can be told nothing else. sam runs it in a
# copy of the layer's folder, and its cache knows that folder alone: build without --cached after a change here.
.SILENT:
PYTHON ?= python3.13
SITE = $(ARTIFACTS_DIR)/python
PLATFORMS = $(foreach tag,manylinux_2_34 manylinux_2_28 manylinux_2_17 manylinux2014,--platform $(tag)_$(MACHINE))
# babel comes with python-liquid and brings 32 MB of locales: keep the languages that mail is written in.
LANGUAGES = de en es fr it ja ko nl pl pt sv zh
# botocore describes 430 services, which is 25 MB to load and to search: keep those that sdk.py is asked for.
SERVICES = dynamodb events kms lambda s3 scheduler secretsmanager sesv2 sqs stepfunctions sts
DESCRIBED = $(foreach service,$(SERVICES),! -name $(service))
# PyJWT loads cryptography wherever it finds it, and each sign-in would pay for it: it stands beside the path, where
# store/personal.py finds it.
ENCRYPTION = _cffi_backend* cryptography cryptography-*
UNUSED = bin cffi cffi-* pycparser pycparser-* # of cffi, its compiled part does
# What nothing here loads: types of arguments that only type checkers load (14 MB), Stripe's events of version 2,
# powertools' pages and its tools for other kinds of functions.
IDLE = stripe/params stripe/events aws_lambda_powertools/event_handler/openapi/swagger_ui \
  $(addprefix aws_lambda_powertools/utilities/,batch data_classes parser)
KEPT = ! -name root.dat $(foreach language,$(LANGUAGES),! -name $(language).dat ! -name '$(language)_*.dat')

.PHONY: build-RuntimeLayer build-StripeLayer
build-RuntimeLayer build-StripeLayer:
	"$(PYTHON)" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
	  --requirement requirements.txt --target "$(SITE)" \
	  --only-binary=:all: --implementation cp --python-version 3.13 $(PLATFORMS)
	cd "$(SITE)" && rm -rf $(UNUSED)
	mkdir -p "$(ARTIFACTS_DIR)/encryption"
	cd "$(SITE)" && for each in $(ENCRYPTION); do test ! -e "$$each" || mv "$$each" "$(ARTIFACTS_DIR)/encryption"; done
	find "$(ARTIFACTS_DIR)/encryption" -maxdepth 0 -empty -delete
	cd "$(SITE)" && rm -rf $(IDLE)
	find "$(SITE)" -path '*/babel/locale-data/*.dat' $(KEPT) -delete
	find "$(SITE)" -path '*/botocore/data/*' -prune -type d $(DESCRIBED) -exec rm -r {} +
	rm -rf "$(SITE)/boto3/data" "$(SITE)/boto3/examples"
	find "$(ARTIFACTS_DIR)" -type d \( -name __pycache__ -o -name tests -o -name test \) -prune -exec rm -r {} +
	"$(PYTHON)" -m compileall -q --invalidation-mode unchecked-hash -s "$(ARTIFACTS_DIR)" -p /opt "$(ARTIFACTS_DIR)"
