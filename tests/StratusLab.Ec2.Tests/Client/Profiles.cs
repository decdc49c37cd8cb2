using StratusLab.Ec2.Emulator;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>The AWS configuration file of the tests.</summary>
internal static class Profiles
{
    private static readonly EmulatorOptions Keys = new();

    public static string Text { get; } = $"""
        [profile static]
        aws_access_key_id = {Keys.AccessKeyId}
        aws_secret_access_key = {Keys.SecretAccessKey}
        [profile role]
        role_arn = {Role("first")}
        source_profile = static
        external_id = secret-of-ours
        role_session_name = a-session
        duration_seconds = 900
        [profile chained]
        role_arn = {Role("second")}
        source_profile = role
        [profile environment]
        role_arn = {Role("third")}
        credential_source = Environment
        [profile device]
        role_arn = {Role("fourth")}
        source_profile = static
        mfa_serial = arn:aws:iam::123456789012:mfa/phone
        [profile long]
        role_arn = {Role("fifth")}
        source_profile = static
        duration_seconds = 99999
        [profile circle]
        role_arn = {Role("sixth")}
        source_profile = circle
        [profile orphan]
        role_arn = {Role("seventh")}
        source_profile = nobody
        [profile token]
        role_arn = {Role("eighth")}
        web_identity_token_file = /nonexistent/token

        """;

    public static string Role(string name) => $"arn:aws:iam::123456789012:role/{name}";
}
