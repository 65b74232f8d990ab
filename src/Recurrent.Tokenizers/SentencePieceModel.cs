using Google.Protobuf;
using Recurrent.Serialization;

namespace Recurrent.Tokenizers;

/// <summary>The pieces of a model of SentencePiece: field 1 of its protocol buffer, each a text, a score and a kind.</summary>
internal sealed class SentencePieceModel
{
    private const int Unknown = 2;
    private const int Control = 3;
    private const int Byte = 6;
    private const int MostPieces = 1 << 22;

    private readonly List<string> tokens = [];
    private readonly List<int> controls = [];
    private readonly List<int> bytes = [];
    private readonly HashSet<string> specials = new(StringComparer.Ordinal);

    private SentencePieceModel()
    {
    }

    /// <summary>The pieces by their ids.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>The ids of pieces that stand for no text.</summary>
    public IReadOnlyList<int> Controls => controls;

    /// <summary>The ids of pieces that stand for a byte each: <c>&lt;0x0A&gt;</c>.</summary>
    public IReadOnlyList<int> Bytes => bytes;

    /// <summary>Whether a piece is the unknown one, or stands for no text.</summary>
    public bool IsSpecial(string token) => specials.Contains(token);

    /// <summary>Reads them.</summary>
    /// <exception cref="ModelFormatException">It is no such model.</exception>
    public static SentencePieceModel Read(byte[] model)
    {
        var read = new SentencePieceModel();
        try
        {
            using var input = new CodedInputStream(model);
            for (uint tag; (tag = input.ReadTag()) != 0;)
            {
                if (tag == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
                {
                    read.AddPiece(input.ReadBytes());
                }
                else
                {
                    input.SkipLastField();
                }
            }
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException("This is no model of SentencePiece: " + exception.Message, exception);
        }

        return read.tokens.Count > 0
            ? read
            : throw new ModelFormatException("This is no model of SentencePiece: it has no pieces.");
    }

    private void AddPiece(ByteString piece)
    {
        string text = string.Empty;
        int kind = 1;
        using CodedInputStream input = piece.CreateCodedInput();
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
            {
                text = input.ReadString();
            }
            else if (tag == WireFormat.MakeTag(3, WireFormat.WireType.Varint))
            {
                kind = input.ReadInt32();
            }
            else
            {
                input.SkipLastField();
            }
        }

        if (text.Length == 0 || tokens.Count == MostPieces)
        {
            throw new ModelFormatException(FormattableString.Invariant(
                $"This is no model of SentencePiece that can be read: piece {tokens.Count} ")
                + (text.Length == 0 ? "is empty." : "is one too many."));
        }

        if (kind is Unknown or Control)
        {
            specials.Add(text);
        }

        if (kind == Control)
        {
            controls.Add(tokens.Count);
        }
        else if (kind == Byte)
        {
            bytes.Add(tokens.Count);
        }

        tokens.Add(text);
    }
}
