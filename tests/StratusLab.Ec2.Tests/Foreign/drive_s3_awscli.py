"""Goes through the emulated S3 and STS with the AWS command line, in one process. Usage: drive_s3_awscli.py ENDPOINT FOLDER"""
import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver

endpoint, folder = sys.argv[1:]
os.environ["AWS_CONFIG_FILE"] = os.path.join(folder, "config")
with open(os.environ["AWS_CONFIG_FILE"], "w") as config:
    config.write("[default]\ns3 =\n  addressing_style = path\n  multipart_threshold = 6MB\n  multipart_chunksize = 5MB\n")
driver = create_clidriver()


def aws(*arguments, code=0):
    out, err = io.StringIO(), io.StringIO()
    out.buffer = err.buffer = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = driver.main([*arguments, "--endpoint-url", endpoint, "--region", "eu-west-1", "--output", "json", "--no-cli-pager"])
    assert result == code, f"aws {' '.join(arguments)} ended with {result}: {err.getvalue()}{out.getvalue()}"
    return out.getvalue() or err.getvalue()


big, back = os.path.join(folder, "big"), os.path.join(folder, "back")
with open(big, "wb") as file:
    file.write(os.urandom(13 << 20))
aws("s3", "mb", "s3://bucket")
aws("s3", "cp", big, "s3://bucket/stratuslab/big", "--only-show-errors")
aws("s3", "cp", "s3://bucket/stratuslab/big", back, "--only-show-errors")
assert open(big, "rb").read() == open(back, "rb").read()
assert "stratuslab/big" in aws("s3", "ls", "s3://bucket", "--recursive")
assert json.loads(aws("s3api", "head-object", "--bucket", "bucket", "--key", "stratuslab/big"))["ContentLength"] == 13 << 20
aws("s3api", "put-public-access-block", "--bucket", "bucket", "--public-access-block-configuration", "BlockPublicAcls=true,IgnorePublicAcls=true")
assert "BlockPublicAcls" in aws("s3api", "get-public-access-block", "--bucket", "bucket")
upload = json.loads(aws("s3api", "create-multipart-upload", "--bucket", "bucket", "--key", "k"))["UploadId"]
aws("s3api", "upload-part", "--bucket", "bucket", "--key", "k", "--upload-id", upload, "--part-number", "1", "--body", big)
assert len(json.loads(aws("s3api", "list-parts", "--bucket", "bucket", "--key", "k", "--upload-id", upload))["Parts"]) == 1
assert upload in aws("s3api", "list-multipart-uploads", "--bucket", "bucket")
aws("s3api", "abort-multipart-upload", "--bucket", "bucket", "--key", "k", "--upload-id", upload)
aws("s3", "rb", "s3://bucket", "--force")
assert json.loads(aws("sts", "get-caller-identity"))["Account"] == "123456789012"
assert "allowed" in aws("sts", "decode-authorization-message", "--encoded-message", "encoded")
print("done")
