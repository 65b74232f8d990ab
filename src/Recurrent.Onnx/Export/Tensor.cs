namespace Recurrent.Onnx.Export;

/// <summary>A value of a graph that is being written; what is computed from it is a node of the graph at hand.</summary>
/// <param name="Writer">Who writes the graph.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct Tensor(GraphWriter Writer, string Name)
{
    public static Tensor operator +(Tensor a, Tensor b) => a.Writer.Op("Add", a, b);

    public static Tensor operator -(Tensor a, Tensor b) => a.Writer.Op("Sub", a, b);

    public static Tensor operator *(Tensor a, Tensor b) => a.Writer.Op("Mul", a, b);

    public static Tensor operator /(Tensor a, Tensor b) => a.Writer.Op("Div", a, b);

    public static Tensor operator -(Tensor a) => a.Writer.Op("Neg", a);

    public static Tensor operator +(Tensor a, double b) => a + a.Writer.Number(b);

    public static Tensor operator -(Tensor a, double b) => a - a.Writer.Number(b);

    public static Tensor operator -(double a, Tensor b) => b.Writer.Number(a) - b;

    public static Tensor operator *(Tensor a, double b) => a * a.Writer.Number(b);

    public static Tensor operator /(Tensor a, double b) => a / a.Writer.Number(b);

    /// <summary>The product of matrices.</summary>
    public Tensor MatMul(Tensor other) => Writer.Op("MatMul", this, other);

    /// <summary>The same numbers with other axes: 0 keeps one, −1 follows from the rest.</summary>
    public Tensor Reshape(params long[] shape) => Writer.Op("Reshape", this, Writer.Integers(shape));

    /// <summary>With its axes in another order.</summary>
    public Tensor Transpose(params int[] order) =>
        Writer.Op("Transpose", [this], ("perm", Array.ConvertAll(order, axis => (long)axis)));

    /// <summary>With axes of length 1 more.</summary>
    public Tensor Unsqueeze(params long[] axes) => Writer.Op("Unsqueeze", this, Writer.Integers(axes));

    /// <summary>Without axes of length 1.</summary>
    public Tensor Squeeze(params long[] axes) => Writer.Op("Squeeze", this, Writer.Integers(axes));

    /// <summary>A function of one value without options.</summary>
    public Tensor Apply(string op) => Writer.Op(op, this);

    /// <summary>As another type of number.</summary>
    public Tensor Cast(ElementType type) => Writer.Op("Cast", [this], ("to", (long)type));

    /// <summary>1 where true, 0 where false.</summary>
    public Tensor AsNumbers() => Cast(ElementType.Float);

    /// <summary>A sum, mean, or largest value along axes.</summary>
    public Tensor Reduce(string op, bool keep, params long[] axes) => op == "ReduceSum" || Writer.Opset >= 18
        ? Writer.Op(op, [this, Writer.Integers(axes)], ("keepdims", keep ? 1L : 0L))
        : Writer.Op(op, [this], ("axes", axes), ("keepdims", keep ? 1L : 0L));

    /// <summary>A part along an axis; <see cref="long.MaxValue"/> is its end.</summary>
    public Tensor Slice(long axis, long start, long end, long step = 1) => Writer.Op(
        "Slice", this, Writer.Integers(start), Writer.Integers(end), Writer.Integers(axis), Writer.Integers(step));

    /// <summary>Parts one behind the other along the last axis.</summary>
    public Tensor[] Split(params int[] sizes) => sizes.Length == 1 ? [this] : Writer.Ops(
        "Split", sizes.Length, [this, Writer.Integers(Array.ConvertAll(sizes, size => (long)size))], ("axis", -1L));

    /// <summary>Its lengths, as integers.</summary>
    public Tensor Lengths() => Apply("Shape");

    /// <summary>One of its lengths, as a list of one integer.</summary>
    public Tensor Length(long axis) => Writer.Op("Gather", [Lengths(), Writer.Integers(axis)], ("axis", 0L));
}

/// <summary>Types of numbers, as ONNX numbers them.</summary>
internal enum ElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Bool = 9,
    Half = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}
