using System.Runtime.InteropServices;
using System.Security;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>The parameters <c>-Certificate</c>, <c>-KeyFilePath</c> and <c>-CertificatePassword</c> of a cmdlet that signs.</summary>
internal sealed class SigningKey
{
    private readonly CertificateInput _certificate;
    private readonly string? _path;
    private readonly string? _keyPath;
    private readonly SecureString? _password;

    private SigningKey(CertificateInput certificate, string? path, string? keyPath, SecureString? password)
    {
        _certificate = certificate;
        _path = path;
        _keyPath = keyPath;
        _password = password;
    }

    /// <summary>Takes the parameters.</summary>
    /// <param name="certificate">The certificate or its path.</param>
    /// <param name="keyFilePath">The path of the private key, if it is in a file of its own.</param>
    /// <param name="password">The password, if there is one and it is not to be asked for.</param>
    /// <param name="fullPathOf">Finds the file that the user means.</param>
    public static SigningKey Of(CertificateInput certificate, string? keyFilePath, SecureString? password, Func<string?, string?> fullPathOf) =>
        new(certificate, fullPathOf(certificate.Path), fullPathOf(keyFilePath), password);

    /// <summary>Reads the key. A password that is needed and was not given is asked for where somebody can answer. Whoever calls disposes the signer.</summary>
    /// <exception cref="InvalidInputException">See <see cref="ImageSigner"/>.</exception>
    public async Task<ImageSigner> OpenAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (_certificate.Certificate is { } certificate)
        {
            return _keyPath is null
                ? new ImageSigner(certificate)
                : throw new InvalidInputException("KeyFileNotUsed", "-KeyFilePath goes with the path of a PEM file in -Certificate; a certificate that is an object brings its key along.", "KeyFilePath");
        }

        try
        {
            return await LoadAsync(_password, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException e) when (e.ErrorId == "SignerPasswordNeeded")
        {
            using var answer = await pipeline.ReadPasswordAsync($"Password for '{e.Resource}'").ConfigureAwait(false);
            if (answer is not { Length: > 0 })
                throw new InvalidInputException(e.ErrorId, $"{e.Message} Give it with -CertificatePassword (Read-Host -AsSecureString).", e.Field, e) { Resource = e.Resource };
            return await LoadAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ImageSigner> LoadAsync(SecureString? password, CancellationToken cancellationToken)
    {
        var clear = Reveal(password);
        try
        {
            return await ImageSigner.LoadAsync(_path!, _keyPath, clear, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Array.Clear(clear);
        }
    }

    // In an array and not in a string, so that it can be wiped.
    private static char[] Reveal(SecureString? password)
    {
        if (password is null) return [];
        var clear = new char[password.Length];
        var memory = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            Marshal.Copy(memory, clear, 0, clear.Length);
            return clear;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }
}
